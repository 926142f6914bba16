"""Class weights in fractions; losses by definition in decimals, their derivatives by differences."""

from decimal import Decimal, localcontext
from fractions import Fraction

STEP = Decimal(10) ** -40
DIGITS = 140  # a second difference takes 80 of them, and 1 - p as many as p has nines


def balanced(counts):
    """n / (K n_c)."""
    return [Fraction(sum(counts)) / (len(counts) * Fraction(n)) for n in counts]


def effective(counts, beta):
    """Inverse of the sum of beta ** i over i < n_c, times K over their sum; for whole counts."""
    inverses = [1 / sum(Fraction(beta) ** i for i in range(n)) for n in counts]
    return [len(counts) * w / sum(inverses) for w in inverses]


def focal(own, gamma, alpha):
    """-alpha (1 - p) ** gamma log p of the probability of the own class, a Decimal above 0."""
    other = 1 - own
    factor = other ** Decimal(gamma) if other else Decimal(gamma == 0)
    return -Decimal(alpha) * factor * own.ln()


def probability(scores, own):
    """Softmax, of Decimals."""
    powers = [(score - scores[own]).exp() for score in scores]
    return 1 / sum(powers)


def value(p, gamma, alpha):
    """Loss of a float64 probability of the own class."""
    with localcontext() as context:
        context.prec = 1200  # the smallest float64 beside 1
        return float(focal(Decimal(p), gamma, alpha))


def value_of_complement(p, gamma, alpha):
    """Loss of a row whose own class has the probability 1 - p."""
    with localcontext() as context:
        context.prec = 1200
        return float(focal(1 - Decimal(p), gamma, alpha))


def derivatives(scores, own, gamma, alpha):
    """Gradient and diagonal of the hessian, by central differences."""
    with localcontext() as context:
        context.prec = DIGITS + round((max(scores) - min(scores)) / 2)
        scores = [Decimal(float(score)) for score in scores]

        def loss(j, step):
            moved = [score + step * (i == j) for i, score in enumerate(scores)]
            return focal(probability(moved, own), gamma, alpha)

        gradient, hessian = [], []
        middle = loss(0, 0)
        for j in range(len(scores)):
            above, below = loss(j, STEP), loss(j, -STEP)
            gradient.append(float((above - below) / (2 * STEP)))
            hessian.append(float((above - 2 * middle + below) / STEP**2))
        return gradient, hessian


def slope(log_p, gamma):
    """-d loss / dp of the own class, by a central difference, at p = exp(log_p) below 1."""
    with localcontext() as context:
        context.prec = DIGITS + 2 * max(40, round(-log_p / 2))
        p = Decimal(log_p).exp()
        step = min(p, 1 - p) * STEP
        return (focal(p - step, gamma, 1) - focal(p + step, gamma, 1)) / (2 * step)
