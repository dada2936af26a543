"""Issues a past grade again: the same bytes, or exactly what differs."""

from __future__ import annotations

from pathlib import Path

from serving.commands.grade_evidence import DONE, read_evidence, read_limited, refuse, write


def grade_again(evidence: str, answer: str) -> int:
    """Print the answer in the file `answer` again from its evidence and return the exit status.

    Exit status 2, nothing on standard output and every difference on standard error where it cannot be had.
    """
    from qm_rules import EvidenceError, Fault
    from qm_rules.answer_line import answer_line
    from qm_rules.reissue import reissue

    path = evidence
    try:
        found = read_evidence(Path(evidence))
        path = answer
        write(answer_line(reissue(found, read_limited(Path(answer)))))
    except EvidenceError as refused:
        return refuse("\n".join(f"{path}: {fault}" for fault in refused.faults))
    except OSError as error:
        return refuse(str(Fault(path, error.strerror or str(error), "a file that can be read")))
    return DONE
