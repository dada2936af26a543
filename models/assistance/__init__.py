"""Where help works: for a target that will be missed, the cheapest set of enterprises and actions."""
