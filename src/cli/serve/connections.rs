//! The endpoint's connections: how long a head and a body may take, how many there are at once, and an
//! end that answers what is under way.
//!
//! `axum::serve` accepts connections without any time limit, so that a few hundred clients that send
//! one letter a minute would keep everybody else out. Here every wait ends.

use std::{
    future::poll_fn,
    io::ErrorKind,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use axum::{Router, body::Body};
use hyper::{body::Body as _, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};

/// Connections served at once; more wait in the queue of the operating system. As many as a process usually
/// may have open files, so that memory has a bound too: a body of 1 MiB each.
const MOST_CONNECTIONS: usize = 1_024;
/// Bytes the head of a request may have.
const HEAD_LIMIT: usize = 64 << 10;
/// How long a connection may live, however busy it is: nobody keeps a seat for ever.
const LIFETIME: Duration = Duration::from_mins(5);
/// How long the requests under way may take once the server is asked to stop: a body and a prediction
/// at their limits.
const GRACE: Duration = Duration::from_secs(45);

/// How serving ended.
pub(super) enum Ended {
    /// Every request under way was answered.
    InOrder,
    /// So many connections were closed before their answer.
    Cut(usize),
}

/// Serves until `stop()` ends, then answers what is under way. A second `stop()` does not wait.
pub(super) async fn serve<S: Future<Output = ()>>(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    stop: impl Fn() -> S,
) -> Ended {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_header_size(HEAD_LIMIT);
    let seats = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let cut = Arc::new(AtomicUsize::new(0));
    let (closing, told) = watch::channel(());
    let mut stopped = pin!(stop());
    loop {
        let came = first(stopped.as_mut(), next(&listener, &seats)).await;
        let First::Other((stream, seat)) = came else {
            break;
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let (told, cut) = (told.clone(), Arc::clone(&cut));
        tokio::spawn(async move {
            if !converse(connection, told).await {
                cut.fetch_add(1, Ordering::Relaxed);
            }
            drop(seat);
        });
    }
    // From here on nobody is let in; everybody inside has a receiver until the conversation is over.
    drop((listener, told));
    closing.send_replace(());
    if let First::Other(()) = first(closing.closed(), stop()).await {
        cut.fetch_add(closing.receiver_count(), Ordering::Relaxed);
    }
    match cut.load(Ordering::Relaxed) {
        0 => Ended::InOrder,
        cut => Ended::Cut(cut),
    }
}

/// The next connection and its seat.
async fn next(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let seat = Arc::clone(seats).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, seat),
            // The client has gone already.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionRefused
                        | ErrorKind::ConnectionAborted
                        | ErrorKind::ConnectionReset
                ) => {}
            // Out of open files, most likely: it passes when connections end.
            Err(_) => sleep(Duration::from_secs(1)).await,
        }
    }
}

type Connection = http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>>;

/// One connection until its end; whether whatever was asked was answered.
async fn converse(connection: Connection, mut told: watch::Receiver<()>) -> bool {
    let mut connection = pin!(connection);
    let asked_to_end = first(told.changed(), sleep(LIFETIME));
    if let First::One(_) = first(connection.as_mut(), asked_to_end).await {
        // A client that hangs up or is too slow has nobody to answer to.
        return true;
    }
    connection.as_mut().graceful_shutdown();
    timeout(GRACE, connection).await.is_ok()
}

/// What the first of two futures brought.
enum First<A, B> {
    One(A),
    Other(B),
}

/// Ends with the first of two futures; the other is dropped.
async fn first<A: Future, B: Future>(one: A, other: B) -> First<A::Output, B::Output> {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|cx| match one.as_mut().poll(cx) {
        Poll::Ready(one) => Poll::Ready(First::One(one)),
        Poll::Pending => other.as_mut().poll(cx).map(First::Other),
    })
    .await
}

/// Why there is no body.
pub(super) enum NoBody {
    TooLarge,
    TooSlow,
    CutOff,
}

/// Bytes beyond the limit that are read and dropped, so that a client which sends first and listens
/// then gets to hear why it was refused.
const DRAINED: usize = 16 << 20;

/// The whole body, of at most `limit` bytes, if it arrives in time.
pub(super) async fn read(body: Body, limit: usize, patience: Duration) -> Result<Vec<u8>, NoBody> {
    match timeout(patience, collect(body, limit)).await {
        Ok(read) => read,
        Err(_) => Err(NoBody::TooSlow),
    }
}

async fn collect(mut body: Body, limit: usize) -> Result<Vec<u8>, NoBody> {
    let announced = body.size_hint().lower();
    if announced > (limit + DRAINED) as u64 {
        return Err(NoBody::TooLarge);
    }
    let (mut bytes, mut seen) = (Vec::new(), 0);
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(|_| NoBody::CutOff)?.into_data() else {
            continue;
        };
        seen += data.len();
        if seen <= limit {
            bytes.extend_from_slice(&data);
        } else if seen > limit + DRAINED {
            break;
        }
    }
    if seen > limit {
        return Err(NoBody::TooLarge);
    }
    Ok(bytes)
}
