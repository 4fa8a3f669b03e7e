//! What a piece of work costs, as the system accounts for it.

// Each bench looks at some of it.
#![allow(dead_code)]

use std::time::Instant;

/// Wall time and CPU time of all threads, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Cost {
    pub cpu_ms: f64,
    pub wall_ms: f64,
}

/// A running measurement.
pub struct Watch {
    cpu_ms: f64,
    started: Instant,
}

impl Watch {
    pub fn start() -> Self {
        Self {
            cpu_ms: cpu_ms(),
            started: Instant::now(),
        }
    }

    pub fn cost(&self) -> Cost {
        let wall_ms = self.started.elapsed().as_secs_f64() * 1e3;
        Cost {
            cpu_ms: cpu_ms() - self.cpu_ms,
            wall_ms,
        }
    }
}

/// The mean of the CPU times and the median of the others. The kernel books the time of a running
/// thread in ticks of some milliseconds: only the mean of many steps tells what one costs.
pub fn typical(costs: &[Cost]) -> Cost {
    let cpu_ms: f64 = costs.iter().map(|cost| cost.cpu_ms).sum();
    Cost {
        cpu_ms: cpu_ms / costs.len().max(1) as f64,
        wall_ms: median(costs.iter().map(|cost| cost.wall_ms).collect()),
    }
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// CPU time of all threads of this process so far (Linux), else zero.
pub fn cpu_ms() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return 0.0;
    };
    let nanoseconds = tasks
        .filter_map(Result::ok)
        .filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok())
        .filter_map(|stat| stat.split_whitespace().next()?.parse::<u64>().ok());
    nanoseconds.sum::<u64>() as f64 / 1e6
}

/// The most memory this process has held at once (Linux), in MiB.
pub fn peak_memory_mib() -> Option<f64> {
    status_mib("VmHWM:")
}

/// Memory this process holds now (Linux), in MiB, else zero.
pub fn memory_mib() -> f64 {
    status_mib("VmRSS:").unwrap_or_default()
}

fn status_mib(field: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
