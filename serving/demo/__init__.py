"""The demonstration: the whole path on a simulated province, and one screen that sums it up."""
