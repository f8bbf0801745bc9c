"""Weir's isolation forest against scikit-learn's (Debian: python3-sklearn), on the same rows.

Both are random, so what is compared is what does not depend on the draw: with 200 trees the scores
of a row differ by a few hundredths at most, and the order of the rows is nearly the same.
"""
import os
import subprocess
import sys
import unittest

PROGRAM = os.environ["FOREST_SCORES"]
try:
    import numpy
    from scipy.stats import spearmanr
    from sklearn.ensemble import IsolationForest
except ImportError as error:
    print(f"SKIPPED: NOT COMPARED WITH scikit-learn: {error}. apt-get install python3-sklearn", file=sys.stderr)
    sys.exit(77)

TREES, SAMPLE = 200, 256


def ours(rows, seed):
    text = "\n".join(" ".join(f"{value:.9g}" for value in row) for row in rows) + "\n"
    done = subprocess.run([PROGRAM, str(TREES), str(SAMPLE), str(seed)], input=text, text=True,
                          capture_output=True, check=True)
    return numpy.array([float(line) for line in done.stdout.split()])


def theirs(rows, seed):
    forest = IsolationForest(n_estimators=TREES, max_samples=min(SAMPLE, len(rows)), random_state=seed)
    # float32, as both store it
    return -forest.fit(rows.astype(numpy.float32)).score_samples(rows.astype(numpy.float32))


class Forest(unittest.TestCase):
    def compare(self, rows, order=0.97):
        rows = rows.astype(numpy.float32)
        mine = numpy.mean([ours(rows, seed) for seed in (1, 2)], axis=0)
        learnt = numpy.mean([theirs(rows, seed) for seed in (1, 2)], axis=0)
        # How far scikit-learn is from itself with other seeds is the yardstick.
        again = numpy.mean([theirs(rows, seed) for seed in (3, 4)], axis=0)
        spread = numpy.abs(learnt - again).max()
        self.assertLess(numpy.abs(mine - learnt).max(), 2 * spread + 0.01)
        self.assertLess(abs((mine - learnt).mean()), 0.005)
        self.assertGreater(spearmanr(mine, learnt)[0], min(order, spearmanr(again, learnt)[0] - 0.01))

    def test_a_cloud_with_outliers(self):
        random = numpy.random.default_rng(7)
        self.compare(numpy.vstack([random.normal(size=(2000, 6)), random.normal(4, 2, size=(20, 6))]))

    def test_counts_full_of_zeros_and_constant_features(self):
        random = numpy.random.default_rng(8)
        rows = random.negative_binomial(0.4, 0.1, size=(3000, 24)).astype(float)
        rows[:, 5] = 3
        rows[:, 6] = random.random(3000) < 0.01
        self.compare(rows)

    def test_fewer_rows_than_a_sample(self):
        self.compare(numpy.random.default_rng(9).exponential(size=(100, 3)))


if __name__ == "__main__":
    unittest.main()
