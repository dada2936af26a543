"""The parts of the chain's proposal, each as blocks in one language."""
