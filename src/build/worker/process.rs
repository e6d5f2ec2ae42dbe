//! A worker as the batch sees it: a process that is given jobs, is waited for, and is
//! killed when it goes.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::protocol::{self, Brief, Reply};
use crate::build::Job;
use crate::build::interrupt::Interrupt;
use crate::build::memory::Usage;

/// How often a worker at work is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// How many of its last lines on standard error are kept.
const LAST_LINES: usize = 8;
/// How long such a line may be, in bytes.
const LONGEST_LINE: u64 = 4096;

/// A process that makes jobs. It is killed when the value goes.
pub(super) struct Process {
    child: Child,
    orders: ChildStdin,
    replies: Receiver<io::Result<Reply>>,
    last_lines: Option<JoinHandle<Vec<String>>>,
}

/// What to look at while a worker is at work.
pub(super) struct Watch<'a> {
    /// When it is to be done.
    pub(super) deadline: Option<Instant>,
    /// How much anonymous memory it may have, in bytes.
    pub(super) memory: Option<u64>,
    /// The user's wish to stop.
    pub(super) interrupt: &'a Interrupt,
}

/// How waiting for a worker ended.
pub(super) enum Ending {
    /// It has replied.
    Replied(Reply),
    /// It has taken too long.
    OverTime,
    /// It has taken too much memory.
    OverMemory,
    /// It has died by itself; with its last lines on standard error.
    Died(ExitStatus, Vec<String>),
    /// The user wants to stop.
    Interrupted,
}

impl Process {
    /// Starts a worker and tells it what it has to know.
    ///
    /// # Errors
    /// A system that lets no process be started.
    pub(super) fn start(brief: &Brief) -> io::Result<Self> {
        let mut child = command()?
            .arg("worker")
            // Its last words are told to people, who want no list of functions.
            .env_remove("RUST_BACKTRACE")
            .env_remove("RUST_LIB_BACKTRACE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let streams = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(orders), Some(stdout), Some(stderr)) = streams else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let (sender, replies) = mpsc::channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Some(reply) = Reply::read(&mut stdout).transpose() {
                let last = reply.is_err();
                if sender.send(reply).is_err() || last {
                    break;
                }
            }
        });
        let last_lines = Some(std::thread::spawn(|| last_lines(stderr)));
        let mut process = Self { child, orders, replies, last_lines };
        protocol::write(&mut process.orders, brief)?;
        Ok(process)
    }

    /// Its number in the system.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it is no more.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Gives it a job.
    ///
    /// # Errors
    /// A worker that has died, or a job that cannot be told.
    pub(super) fn order(&mut self, job: &Job) -> io::Result<()> {
        protocol::write(&mut self.orders, job)
    }

    /// Waits for its next reply.
    ///
    /// # Errors
    /// A system that does not tell how it ended.
    pub(super) fn wait(&mut self, watch: &Watch<'_>) -> io::Result<Ending> {
        loop {
            let now = Instant::now();
            let left = watch.deadline.map(|end| end.saturating_duration_since(now));
            match self.replies.recv_timeout(left.unwrap_or(LOOK).min(LOOK)) {
                Ok(Ok(reply)) => return Ok(Ending::Replied(reply)),
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return self.ending(),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if watch.interrupt.is_asked() {
                return Ok(Ending::Interrupted);
            }
            if watch.deadline.is_some_and(|end| Instant::now() >= end) {
                return Ok(Ending::OverTime);
            }
            let has = || Usage::of(self.id()).unwrap_or_default().anonymous;
            if watch.memory.is_some_and(|most| has() > most) {
                return Ok(Ending::OverMemory);
            }
        }
    }

    /// How it has ended; one that has closed its output only is killed.
    ///
    /// # Errors
    /// A system that does not tell.
    pub(super) fn ending(&mut self) -> io::Result<Ending> {
        let mut status = self.child.try_wait()?;
        // What it closes first are its pipes.
        for _ in 0..20 {
            if status.is_some() {
                break;
            }
            std::thread::sleep(LOOK / 10);
            status = self.child.try_wait()?;
        }
        let status = match status {
            Some(status) => status,
            None => {
                self.child.kill()?;
                self.child.wait()?
            }
        };
        let lines = self.last_lines.take().and_then(|lines| lines.join().ok());
        Ok(Ending::Died(status, lines.unwrap_or_default()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program. It may have been replaced by another version since it was started: on
/// Linux, the running one has a name of its own.
fn command() -> io::Result<Command> {
    let mut command = match cfg!(target_os = "linux") {
        true => Command::new("/proc/self/exe"),
        false => Command::new(std::env::current_exe()?),
    };
    // ^C on the terminal goes to a group: the batch tells its workers what to do.
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.arg0("huikan").process_group(0);
    }
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt;
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
        command.creation_flags(CREATE_NEW_PROCESS_GROUP);
    }
    Ok(command)
}

fn last_lines(stderr: ChildStderr) -> Vec<String> {
    let mut stderr = BufReader::new(stderr);
    let mut lines = VecDeque::new();
    loop {
        let mut line = Vec::new();
        let read = stderr.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        if !matches!(read, Ok(1..)) {
            return lines.into();
        }
        let line = String::from_utf8_lossy(&line).trim().to_string();
        if !line.is_empty() {
            lines.push_back(line);
        }
        if lines.len() > LAST_LINES {
            lines.pop_front();
        }
    }
}
