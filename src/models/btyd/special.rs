//! Special functions and quadrature, for positive arguments.
//!
//! There is no ₂F₁ here on purpose: the models use a series of positive terms and an integral of
//! a positive function instead ([`super::beta_geometric`], [`super::pareto_nbd`]), which neither
//! cancel nor overflow where the textbook formulas do.

/// ln Γ(x) for x > 0.
pub(super) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ψ(x) = d ln Γ(x) / dx for x > 0: recurrence up to 10, then the asymptotic series
/// (Abramowitz & Stegun 6.3.5, 6.3.18); relative error about 1e-15 away from its zero at 1.46.
pub(super) fn digamma(x: f64) -> f64 {
    // B₂ₖ / 2k
    const COEFFICIENTS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 120.0,
        1.0 / 252.0,
        -1.0 / 240.0,
        1.0 / 132.0,
        -691.0 / 32_760.0,
        1.0 / 12.0,
    ];
    let mut shifted = x;
    let mut below = 0.0;
    while shifted < 10.0 {
        below += 1.0 / shifted;
        shifted += 1.0;
    }
    let inverse_square = (shifted * shifted).recip();
    let series = COEFFICIENTS
        .iter()
        .rev()
        .fold(0.0, |sum, c| (sum + c) * inverse_square);
    shifted.ln() - 0.5 / shifted - series - below
}

/// ln(1 + eᵘ) and 1 / (1 + e⁻ᵘ), both without overflow.
pub(super) fn softplus_and_sigmoid(u: f64) -> (f64, f64) {
    let e = (-u.abs()).exp();
    let tail = e.ln_1p();
    if u > 0.0 {
        (u + tail, 1.0 / (1.0 + e))
    } else {
        (tail, e / (1.0 + e))
    }
}

/// (1 − e⁻ʸ) / y, continuous at 0.
pub(super) fn relative_saturation(y: f64) -> f64 {
    if y.abs() < 1e-300 {
        1.0
    } else {
        -(-y).exp_m1() / y
    }
}

/// Nodes in (−1, 1) and weights of Gauss–Legendre quadrature.
#[derive(Clone, Debug)]
pub(super) struct GaussLegendre {
    pub nodes: Vec<(f64, f64)>,
}

impl GaussLegendre {
    /// The rule with `n` nodes: roots of the Legendre polynomial by Newton's method from
    /// Tricomi's approximation.
    pub fn new(n: usize) -> Self {
        let nodes = (0..n)
            .map(|i| {
                let mut z = (std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
                let mut slope = 1.0;
                for _ in 0..8 {
                    let (value, derivative) = legendre(n, z);
                    slope = derivative;
                    z -= value / derivative;
                }
                (z, 2.0 / ((1.0 - z * z) * slope * slope))
            })
            .collect();
        Self { nodes }
    }
}

/// Pₙ(z) and Pₙ′(z) by the three-term recurrence.
fn legendre(n: usize, z: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, z);
    for k in 2..=n {
        let k = k as f64;
        (before, value) = (
            value,
            ((2.0 * k - 1.0) * z * value - (k - 1.0) * before) / k,
        );
    }
    (value, n as f64 * (z * value - before) / (z * z - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1.0),
            "found {found}, expected {expected}"
        );
    }

    // Expected values: mpmath with 30 digits.
    #[test]
    fn gamma_functions_agree_with_mpmath() {
        for (x, ln_gamma_x, digamma_x) in SPECIAL_VALUES {
            close(ln_gamma(x), ln_gamma_x, 4e-15);
            close(digamma(x), digamma_x, 4e-15);
        }
    }

    #[test]
    fn quadrature_is_exact_for_polynomials_and_sharp_for_exponentials() {
        for n in [16, 32] {
            let rule = GaussLegendre::new(n);
            let integrate =
                |f: &dyn Fn(f64) -> f64| rule.nodes.iter().map(|(z, w)| w * f(*z)).sum::<f64>();
            close(integrate(&|_| 1.0), 2.0, 1e-14);
            close(integrate(&|z| z.powi(30)), 2.0 / 31.0, 1e-14);
            close(integrate(&|z| (10.0 * z).exp()), 10f64.sinh() / 5.0, 1e-13);
        }
    }

    #[test]
    fn saturating_functions_hold_at_the_extremes() {
        assert_eq!(softplus_and_sigmoid(800.0), (800.0, 1.0));
        assert_eq!(softplus_and_sigmoid(-800.0), (0.0, 0.0));
        close(softplus_and_sigmoid(0.0).0, 2f64.ln(), 1e-15);
        assert_eq!(relative_saturation(0.0), 1.0);
        close(relative_saturation(1e-9), 1.0 - 5e-10, 1e-15);
        close(relative_saturation(1.0), 1.0 - (-1f64).exp(), 1e-15);
        close(relative_saturation(-1.0), 1f64.exp() - 1.0, 1e-15);
    }

    const SPECIAL_VALUES: [(f64, f64, f64); 9] = [
        (1e-06, 13.815509980749432, -1000000.5772140201),
        (0.01, 4.599479878042022, -100.56088545786868),
        (0.242595, 1.319807267127539, -4.358452846041954),
        (0.5, 0.5723649429247001, -1.9635100260214235),
        (1.5, -0.12078223763524522, 0.03648997397857652),
        (3.75, 1.486815578593417, 1.1825373886117962),
        (10.0, 12.801827480081469, 2.251752589066721),
        (123.456, 469.6055471299295, 4.811829323828985),
        (1000000.0, 12815504.569147611, 13.815510057964191),
    ];
}
