"""How strong something unmeasured would have to be to overturn an effect (Cinelli & Hazlett 2020, *JRSS B*
82).
"""

import math


def robustness_value(t: float, degrees: float, q: float = 1.0) -> float:
    """The share of residual variance of both lever and outcome that a confounder must explain to move the
    effect by q × itself.

    `t` is the effect over its standard error, `degrees` its residual degrees of freedom. 0 = anything
    overturns it, near 1 = nothing plausible does (their equation 19).
    """
    f = q * abs(t) / math.sqrt(max(degrees, 1.0))
    return 0.5 * (math.sqrt(f**4 + 4 * f**2) - f**2)
