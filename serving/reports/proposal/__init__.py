"""The improvement proposal (质量提升建议书): what a quality engineer puts on the general manager's desk."""
