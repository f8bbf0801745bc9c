#pragma once

namespace weir::behavior {

/// P(X >= count) for a negative binomial (Poisson where variance <= mean). Includes the atom at
/// `count`, so it is conservative as a p-value. 1 for count <= 0; `mean` >= 0.
double negative_binomial_tail(double count, double mean, double variance);

/// P(T >= t) for Student's t. `freedom` > 0.
double student_t_tail(double t, double freedom);

/// Regularised incomplete beta function I_x(a, b); a, b > 0, x in [0, 1].
double incomplete_beta(double a, double b, double x);

/// Turns a conservative tail probability into an e-value: the mixture over k in (0, 1) of the
/// calibrators k·p^(k−1) (Shafer, Shen, Vereshchagin, Vovk 2011):
/// (1 − p + p·ln p) / (p·(ln p)²). Mean at most 1 when P(p <= x) <= x. 1/2 at p = 1.
double e_value(double p);

}  // namespace weir::behavior
