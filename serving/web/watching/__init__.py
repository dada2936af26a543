"""What the process tells about itself: health, metrics, logs, and noticing what was published."""
