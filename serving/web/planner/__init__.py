"""The planner's board: levels by region, targets, who is near and who slips, benchmarks; pages and API."""
