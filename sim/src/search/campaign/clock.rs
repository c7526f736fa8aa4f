//! The campaign's clocks. They end campaigns and measure them; no run ever sees one.

use cpu_time::{ProcessTime, ThreadTime};

#[expect(clippy::disallowed_types, reason = "the campaign's clock, outside all runs")]
type Instant = std::time::Instant;

/// Wall time, and CPU time of the process, since a start.
#[derive(Copy, Clone, Debug)]
pub struct Stopwatch {
    wall: Instant,
    cpu: ProcessTime,
}

impl Stopwatch {
    /// Starts.
    pub fn start() -> Self {
        Stopwatch { wall: Instant::now(), cpu: ProcessTime::now() }
    }

    /// Milliseconds on the wall.
    pub fn wall_ms(&self) -> u64 {
        u64::try_from(self.wall.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// CPU time of all threads of the process, in microseconds.
    pub fn cpu_us(&self) -> u64 {
        u64::try_from(self.cpu.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// CPU time of one thread since a start.
#[derive(Copy, Clone, Debug)]
pub struct ThreadStopwatch(ThreadTime);

impl ThreadStopwatch {
    /// Starts, for the thread that calls.
    pub fn start() -> Self {
        ThreadStopwatch(ThreadTime::now())
    }

    /// CPU time in microseconds.
    pub fn cpu_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// CPU time in milliseconds.
    pub fn cpu_ms(&self) -> u64 {
        self.cpu_us() / 1000
    }
}
