"""Scenarios: what if demand, the price of failure, suppliers, management or actions were otherwise.

`wish` says what is otherwise, `changing` turns a start into another one, `computing` runs the rules on it for
everybody whom it touches, `keeping` has the files, `comparing` counts. Web pages load `wish`, `keeping` and
`comparing` only, which carry no model.
"""
