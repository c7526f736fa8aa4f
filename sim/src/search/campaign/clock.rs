//! The campaign's clocks. They end campaigns and measure them; no run ever sees one.

#[expect(clippy::disallowed_types, reason = "the campaign's clock, outside all runs")]
type Instant = std::time::Instant;

/// Wall and CPU time since a start.
#[derive(Copy, Clone, Debug)]
pub struct Stopwatch {
    wall: Instant,
    cpu_us: u64,
}

impl Stopwatch {
    /// Starts.
    pub fn start() -> Self {
        Stopwatch { wall: Instant::now(), cpu_us: process_cpu_us() }
    }

    /// Milliseconds on the wall.
    pub fn wall_ms(&self) -> u64 {
        u64::try_from(self.wall.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// CPU time of all threads of the process, in microseconds; wall time where the system does
    /// not tell.
    pub fn cpu_us(&self) -> u64 {
        match process_cpu_us() {
            0 => self.wall_ms() * 1000,
            now => now.saturating_sub(self.cpu_us),
        }
    }
}

/// CPU time of the process so far, ended threads included; 0 where the system does not tell.
fn process_cpu_us() -> u64 {
    cpu_ticks("/proc/self/stat") * 10_000
}

/// User and system time as Linux tells it, in hundredths of a second.
fn cpu_ticks(path: &str) -> u64 {
    let Ok(stat) = std::fs::read_to_string(path) else { return 0 };
    // The command's name, in parentheses, may hold anything; user and system time are the 12th
    // and 13th fields after it.
    let Some((_, fields)) = stat.rsplit_once(')') else { return 0 };
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// CPU time of one thread since a start, in hundredths of a second.
#[derive(Copy, Clone, Debug)]
pub struct ThreadStopwatch {
    wall: Stopwatch,
    ticks: u64,
}

impl ThreadStopwatch {
    /// Starts, for the thread that calls.
    pub fn start() -> Self {
        ThreadStopwatch { wall: Stopwatch::start(), ticks: cpu_ticks("/proc/thread-self/stat") }
    }

    /// CPU time in milliseconds; wall time where the system does not tell.
    pub fn cpu_ms(&self) -> u64 {
        match cpu_ticks("/proc/thread-self/stat") {
            0 if self.ticks == 0 && 20 < self.wall.wall_ms() => self.wall.wall_ms(),
            now => now.saturating_sub(self.ticks) * 10,
        }
    }
}
