"""The parts of the proposal, each as blocks in one language."""
