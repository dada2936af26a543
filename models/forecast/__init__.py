"""Forecasts of yield, losses, ppm and Cpk, with honest intervals and exact drivers."""
