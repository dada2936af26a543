"""Learning a forecast model: rolling origins, ridge and LightGBM, weights, calibration, scores, the gate."""
