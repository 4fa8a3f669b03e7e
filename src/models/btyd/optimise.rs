//! Minimising a smooth function of a few parameters whose gradient is known.
//!
//! BFGS with a weak-Wolfe line search by bisection (Lewis & Overton 2013: it cannot get stuck on a
//! badly scaled slope), then Newton steps with a Hessian from central differences of the gradient,
//! which bring the gradient down to rounding error and give the observed information for standard
//! errors. Own code because it is short, needs no dense-matrix crate for four parameters, and each
//! evaluation can be cancelled.

use base::monitor::Cancelled;

/// A square matrix of the size of the problem.
pub(super) type Matrix<const N: usize> = [[f64; N]; N];

/// Function value and gradient.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evaluation<const N: usize> {
    pub value: f64,
    pub gradient: [f64; N],
}

impl<const N: usize> Evaluation<N> {
    /// Where the function cannot be computed: line searches step back from it.
    pub const OUTSIDE: Self = Self {
        value: f64::INFINITY,
        gradient: [f64::NAN; N],
    };

    fn is_usable(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().all(|g| g.is_finite())
    }

    fn steepness(&self) -> f64 {
        self.gradient.iter().fold(0.0, |most, g| most.max(g.abs()))
    }
}

/// Where the search ended.
#[derive(Clone, Debug)]
pub(super) struct Optimum<const N: usize> {
    pub point: [f64; N],
    pub value: f64,
    /// Largest absolute component of the gradient.
    pub gradient_norm: f64,
    pub hessian: Matrix<N>,
    pub iterations: usize,
    pub evaluations: usize,
    /// The gradient fell below the tolerance.
    pub converged: bool,
}

const MAX_ITERATIONS: usize = 200;
const MAX_LINE_SEARCH: usize = 40;
/// Largest absolute gradient component at which the search counts as converged and BFGS hands over
/// to Newton; the function is expected to be of order 1.
const GRADIENT_TOLERANCE: f64 = 1e-6;
/// Newton goes on until here: the gradient is rounding error.
const FINE_GRADIENT: f64 = 1e-11;
/// A direction with this share of the largest curvature, or less, is flat.
const FLAT: f64 = 1e-12;
/// Largest step of one parameter in one iteration (parameters are logarithms).
const MAX_STEP: f64 = 2.0;

type Function<'a, const N: usize> = dyn FnMut(&[f64; N]) -> Result<Evaluation<N>, Cancelled> + 'a;

/// Minimises `function` from `start`; `None` when it cannot be computed there.
///
/// `on_iteration` hears the number of each iteration.
pub(super) fn minimise<const N: usize>(
    start: [f64; N],
    function: &mut Function<'_, N>,
    on_iteration: &dyn Fn(usize),
) -> Result<Option<Optimum<N>>, Cancelled> {
    let mut evaluations = 0;
    let mut counted = |point: &[f64; N]| {
        evaluations += 1;
        function(point)
    };
    let first = counted(&start)?;
    if !first.is_usable() {
        return Ok(None);
    }
    let (mut point, mut here, iterations) = bfgs(start, first, &mut counted, on_iteration)?;
    let hessian = hessian(&point, &mut counted)?;
    polish(&mut point, &mut here, &hessian, &mut counted)?;
    let gradient_norm = here.steepness();
    Ok(Some(Optimum {
        point,
        value: here.value,
        gradient_norm,
        hessian,
        iterations,
        evaluations,
        converged: gradient_norm <= GRADIENT_TOLERANCE,
    }))
}

fn bfgs<const N: usize>(
    start: [f64; N],
    first: Evaluation<N>,
    function: &mut Function<'_, N>,
    on_iteration: &dyn Fn(usize),
) -> Result<([f64; N], Evaluation<N>, usize), Cancelled> {
    let (mut point, mut here) = (start, first);
    let mut inverse = identity();
    let mut fresh = true;
    let mut iteration = 0;
    while iteration < MAX_ITERATIONS && here.steepness() > GRADIENT_TOLERANCE {
        iteration += 1;
        on_iteration(iteration);
        let mut direction = times(&inverse, &here.gradient).map(|d| -d);
        if dot(&direction, &here.gradient) >= 0.0 {
            (inverse, fresh) = (identity(), true);
            direction = here.gradient.map(|g| -g);
        }
        let longest = direction.iter().fold(0.0f64, |most, d| most.max(d.abs()));
        let shrink = (MAX_STEP / longest).min(1.0);
        direction = direction.map(|d| d * shrink);
        let Some((next, there)) = line_search(&point, &here, &direction, function)? else {
            if fresh {
                break;
            }
            (inverse, fresh) = (identity(), true);
            continue;
        };
        let step = difference(&next, &point);
        let change = difference(&there.gradient, &here.gradient);
        update_inverse(&mut inverse, &step, &change, fresh);
        fresh = false;
        (point, here) = (next, there);
    }
    Ok((point, here, iteration))
}

/// A step that decreases the function enough and flattens it enough (weak Wolfe conditions).
fn line_search<const N: usize>(
    point: &[f64; N],
    here: &Evaluation<N>,
    direction: &[f64; N],
    function: &mut Function<'_, N>,
) -> Result<Option<([f64; N], Evaluation<N>)>, Cancelled> {
    const DECREASE: f64 = 1e-4;
    const CURVATURE: f64 = 0.9;
    let slope = dot(direction, &here.gradient);
    let (mut low, mut high, mut length) = (0.0, f64::INFINITY, 1.0);
    let mut best = None;
    for _ in 0..MAX_LINE_SEARCH {
        let next: [f64; N] = std::array::from_fn(|i| point[i] + length * direction[i]);
        let there = function(&next)?;
        if !there.is_usable() || there.value > here.value + DECREASE * length * slope {
            high = length;
        } else if dot(direction, &there.gradient) < CURVATURE * slope {
            low = length;
            best = Some((next, there));
        } else {
            return Ok(Some((next, there)));
        }
        length = if high.is_finite() {
            f64::midpoint(low, high)
        } else {
            2.0 * low
        };
    }
    Ok(best)
}

/// The BFGS update of the inverse Hessian; skipped where the curvature is not positive.
fn update_inverse<const N: usize>(
    inverse: &mut Matrix<N>,
    step: &[f64; N],
    change: &[f64; N],
    fresh: bool,
) {
    let curvature = dot(step, change);
    if curvature <= 1e-12 * (dot(step, step) * dot(change, change)).sqrt() {
        return;
    }
    if fresh {
        let scale = curvature / dot(change, change);
        *inverse = identity().map(|row: [f64; N]| row.map(|v| v * scale));
    }
    let moved = times(inverse, change);
    let factor = (1.0 + dot(change, &moved) / curvature) / curvature;
    for i in 0..N {
        for j in 0..N {
            inverse[i][j] +=
                factor * step[i] * step[j] - (moved[i] * step[j] + step[i] * moved[j]) / curvature;
        }
    }
}

/// Second derivatives by central differences of the gradient, made symmetric.
fn hessian<const N: usize>(
    point: &[f64; N],
    function: &mut Function<'_, N>,
) -> Result<Matrix<N>, Cancelled> {
    const STEP: f64 = 1e-4;
    let mut raw = [[0.0; N]; N];
    for i in 0..N {
        let mut shifted = *point;
        shifted[i] = point[i] + STEP;
        let above = function(&shifted)?.gradient;
        shifted[i] = point[i] - STEP;
        let below = function(&shifted)?.gradient;
        raw[i] = std::array::from_fn(|j| (above[j] - below[j]) / (2.0 * STEP));
    }
    Ok(std::array::from_fn(|i| {
        std::array::from_fn(|j| f64::midpoint(raw[i][j], raw[j][i]))
    }))
}

/// A few Newton steps, each kept only when it flattens the gradient.
fn polish<const N: usize>(
    point: &mut [f64; N],
    here: &mut Evaluation<N>,
    hessian: &Matrix<N>,
    function: &mut Function<'_, N>,
) -> Result<(), Cancelled> {
    let spectrum = Spectrum::of(hessian);
    for _ in 0..6 {
        if here.steepness() < FINE_GRADIENT {
            break;
        }
        let step = spectrum.newton_step(&here.gradient);
        if step.iter().any(|s| !s.is_finite() || s.abs() > MAX_STEP) {
            break;
        }
        let next = std::array::from_fn(|i| point[i] + step[i]);
        let there = function(&next)?;
        if !there.is_usable() || there.steepness() >= here.steepness() {
            break;
        }
        (*point, *here) = (next, there);
    }
    Ok(())
}

/// Eigenvalues of a symmetric matrix, and for each its unit eigenvector.
#[derive(Clone, Debug)]
pub(super) struct Spectrum<const N: usize> {
    pub values: [f64; N],
    /// Row *k* belongs to value *k*.
    pub vectors: Matrix<N>,
}

impl<const N: usize> Spectrum<N> {
    /// Cyclic Jacobi rotations: exact enough for curvatures that differ by many powers of ten.
    pub fn of(matrix: &Matrix<N>) -> Self {
        const SWEEPS: usize = 30;
        let mut a = *matrix;
        let mut vectors = identity();
        for _ in 0..SWEEPS {
            for p in 0..N {
                for q in p + 1..N {
                    if a[p][q] != 0.0 {
                        rotate(&mut a, &mut vectors, p, q);
                    }
                }
            }
        }
        Self {
            values: std::array::from_fn(|i| a[i][i]),
            vectors,
        }
    }

    /// Is the function curved upwards in every direction?
    pub fn is_definite(&self) -> bool {
        let most = self.values.iter().fold(0.0f64, |most, v| most.max(v.abs()));
        self.values.iter().all(|&value| value > FLAT * most)
    }

    /// The Newton step −H⁻¹g, without the directions in which the function is flat.
    fn newton_step(&self, gradient: &[f64; N]) -> [f64; N] {
        let most = self.values.iter().fold(0.0f64, |most, v| most.max(v.abs()));
        let mut step = [0.0; N];
        for (value, vector) in self.values.iter().zip(&self.vectors) {
            if *value > FLAT * most {
                let length = dot(vector, gradient) / value;
                for (s, v) in step.iter_mut().zip(vector) {
                    *s -= length * v;
                }
            }
        }
        step
    }
}

/// One Jacobi rotation that makes `a[p][q]` zero.
fn rotate<const N: usize>(a: &mut Matrix<N>, vectors: &mut Matrix<N>, p: usize, q: usize) {
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for row in a.iter_mut() {
        (row[p], row[q]) = (
            cosine * row[p] - sine * row[q],
            sine * row[p] + cosine * row[q],
        );
    }
    for matrix in [a, vectors] {
        let (upper, lower) = matrix.split_at_mut(q);
        for (x, y) in upper[p].iter_mut().zip(&mut lower[0]) {
            (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
        }
    }
}

fn identity<const N: usize>() -> Matrix<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))))
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn times<const N: usize>(matrix: &Matrix<N>, vector: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|i| dot(&matrix[i], vector))
}

fn difference<const N: usize>(a: &[f64; N], b: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|i| a[i] - b[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rosenbrock(p: &[f64; 2]) -> Evaluation<2> {
        let (x, y) = (p[0], p[1]);
        Evaluation {
            value: (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2),
            gradient: [
                -2.0 * (1.0 - x) - 400.0 * x * (y - x * x),
                200.0 * (y - x * x),
            ],
        }
    }

    #[test]
    fn the_banana_valley_is_walked_to_its_end() {
        let found = minimise([-1.2, 1.0], &mut |p| Ok(rosenbrock(p)), &|_| ())
            .unwrap()
            .unwrap();
        assert!(found.converged, "{found:?}");
        assert!((found.point[0] - 1.0).abs() < 1e-9 && (found.point[1] - 1.0).abs() < 1e-9);
        // Hessian at (1, 1): [[802, −400], [−400, 200]], up to third-order terms of the difference.
        for (row, expected) in found.hessian.iter().zip([[802.0, -400.0], [-400.0, 200.0]]) {
            for (value, expected) in row.iter().zip(expected) {
                assert!((value - expected).abs() < 1e-3, "{:?}", found.hessian);
            }
        }
    }

    #[test]
    fn steps_outside_the_domain_are_taken_back() {
        // x − ln x on x > 0, minimum at 1.
        let mut function = |p: &[f64; 1]| {
            Ok(if p[0] <= 0.0 {
                Evaluation::OUTSIDE
            } else {
                Evaluation {
                    value: p[0] - p[0].ln(),
                    gradient: [1.0 - 1.0 / p[0]],
                }
            })
        };
        let found = minimise([8.0], &mut function, &|_| ()).unwrap().unwrap();
        assert!((found.point[0] - 1.0).abs() < 1e-9, "{found:?}");
        assert!(minimise([-1.0], &mut function, &|_| ()).unwrap().is_none());
    }

    #[test]
    fn cancelling_ends_the_search() {
        let mut calls = 0;
        let result = minimise(
            [-1.2, 1.0],
            &mut |p| {
                calls += 1;
                if calls > 5 {
                    Err(Cancelled)
                } else {
                    Ok(rosenbrock(p))
                }
            },
            &|_| (),
        );
        assert!(result.is_err());
        assert_eq!(calls, 6);
    }

    #[test]
    fn spectrum_by_hand() {
        // [[4, 2], [2, 1]]: 5 along (2, 1)/√5 and 0 along (1, −2)/√5.
        let found = Spectrum::of(&[[4.0, 2.0], [2.0, 1.0]]);
        let steep = usize::from(found.values[1] > found.values[0]);
        assert!((found.values[steep] - 5.0).abs() < 1e-15);
        assert!(found.values[1 - steep].abs() < 1e-15);
        let ratio = found.vectors[steep][0] / found.vectors[steep][1];
        assert!((ratio - 2.0).abs() < 1e-14);
        assert!(!found.is_definite());
        let definite = Spectrum::of(&[[2.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 2.0]]);
        let mut values = definite.values;
        values.sort_by(f64::total_cmp);
        for (value, expected) in values
            .iter()
            .zip([2.0 - 2f64.sqrt(), 2.0, 2.0 + 2f64.sqrt()])
        {
            assert!((value - expected).abs() < 1e-14);
        }
        assert!(definite.is_definite());
        // H · step = −g.
        let step = definite.newton_step(&[1.0, 0.0, 0.0]);
        for (found, expected) in step.iter().zip([-0.75, -0.5, -0.25]) {
            assert!((found - expected).abs() < 1e-14);
        }
    }
}
