//! Lines from the terminal while a login waits, and nothing more than the lines: a question that is asked afterwards must find
//! the terminal free. So nothing reads ahead, and no thread is left behind in a read.

#[cfg(unix)]
pub use unix::Paste;

#[cfg(not(unix))]
pub use other::Paste;

#[cfg(unix)]
mod unix {
    use std::io::{self, Stdin};

    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// The terminal on standard input, if there is one.
    #[derive(Debug)]
    pub struct Paste {
        open: bool,
    }

    impl Paste {
        pub fn new(terminal: bool) -> Paste {
            Paste { open: terminal }
        }

        /// The next line that is not empty; pends for ever when there is none to come.
        pub async fn line(&mut self) -> String {
            while self.open {
                match next().await {
                    Ok(Some(line)) if line.trim().is_empty() => {}
                    Ok(Some(line)) => return line,
                    Ok(None) | Err(_) => self.open = false,
                }
            }
            std::future::pending().await
        }
    }

    /// Waits until the terminal has a line, then reads just that one: a terminal is only ready when a line is whole.
    async fn next() -> io::Result<Option<String>> {
        // Registered anew for each line: the event is given for what is there already, too.
        let stdin: AsyncFd<Stdin> = AsyncFd::with_interest(io::stdin(), Interest::READABLE)?;
        let _ready = stdin.readable().await?;
        let mut line = String::new();
        Ok((stdin.get_ref().read_line(&mut line)? > 0).then_some(line))
    }
}

#[cfg(not(unix))]
mod other {
    use tokio::sync::mpsc;

    /// Lines from a thread that reads for as long as the process lives.
    #[derive(Debug)]
    pub struct Paste {
        lines: mpsc::UnboundedReceiver<String>,
    }

    impl Paste {
        pub fn new(terminal: bool) -> Paste {
            let (sender, lines) = mpsc::unbounded_channel();
            if terminal {
                std::thread::spawn(move || {
                    let whole = std::io::stdin().lines().map_while(Result::ok).filter(|line| !line.trim().is_empty());
                    whole.map(|line| sender.send(line)).take_while(Result::is_ok).for_each(drop);
                });
            }
            Paste { lines }
        }

        /// The next line that is not empty; pends for ever when there is none to come.
        pub async fn line(&mut self) -> String {
            match self.lines.recv().await {
                Some(line) => line,
                None => std::future::pending().await,
            }
        }
    }
}
