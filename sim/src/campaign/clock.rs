//! The campaign's clocks. They end campaigns and measure them; no run ever sees one.

/// Wall and CPU time since a start.
#[derive(Copy, Clone, Debug)]
pub struct Stopwatch {
    #[expect(clippy::disallowed_types, reason = "the campaign's clock, outside all runs")]
    wall: std::time::Instant,
    cpu_us: u64,
}

impl Stopwatch {
    /// Starts.
    #[expect(clippy::disallowed_types, reason = "the campaign's clock, outside all runs")]
    pub fn start() -> Self {
        Stopwatch { wall: std::time::Instant::now(), cpu_us: process_cpu_us() }
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

/// CPU time of the process so far, ended threads included; 0 where the system does not tell. Linux
/// counts it in hundredths of a second.
fn process_cpu_us() -> u64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else { return 0 };
    // The command's name, in parentheses, may hold anything; user and system time are the 12th
    // and 13th fields after it.
    let Some((_, fields)) = stat.rsplit_once(')') else { return 0 };
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10_000
}
