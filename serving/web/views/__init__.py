"""What the templates show: plain values made from records, grade and outlook in one language."""
