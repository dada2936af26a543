"""Is the model still good: what the scientist's board shows, put together in a job and read as one file."""

from models.review.kept import keep_review, review_part
from models.review.reading import read_review

__all__ = ["keep_review", "read_review", "review_part"]
