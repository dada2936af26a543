"""Judging advice by acting on it, in simulated plants whose causes are known, beside others' advice."""
