"""Supply chains: 质量图谱, weak links, and incoming quality in the customers' forecasts."""
