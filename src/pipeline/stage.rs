//! A memo of one step: equal key → the same `Arc` and the same revision.
//!
//! Keys are made of the revisions of what a stage reads plus its own parameters. So nothing is ever
//! invalidated by hand: when an input changes, its revision does, and with it every key below.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

/// Identifies one value of one stage; never reused within a stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

/// A stage's value and the revision that stands for it in the keys of later stages.
#[derive(Debug)]
pub struct Artefact<V> {
    pub value: Arc<V>,
    pub revision: Revision,
}

impl<V> Clone for Artefact<V> {
    fn clone(&self) -> Self {
        Self {
            value: Arc::clone(&self.value),
            revision: self.revision,
        }
    }
}

/// How often a stage really ran and how long its last run took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageStats {
    /// Name for people: "Scoring customers".
    pub name: &'static str,
    pub computed: u64,
    pub last_run: Duration,
}

/// One step of the pipeline with the last few values it gave, most recently used first.
///
/// More than one value is kept where they are small, so that undo, and stepping the as-of date back
/// and forth, cost nothing.
#[derive(Debug)]
pub struct Stage<K, V> {
    name: &'static str,
    capacity: usize,
    memos: VecDeque<(K, Artefact<V>)>,
    computed: u64,
    /// Values had, computed or not.
    revisions: u64,
    last_run: Duration,
}

impl<K: PartialEq, V> Stage<K, V> {
    /// A stage that remembers its last `capacity` values (at least one).
    #[must_use]
    pub fn new(name: &'static str, capacity: usize) -> Self {
        Self {
            name,
            capacity: capacity.max(1),
            memos: VecDeque::new(),
            computed: 0,
            revisions: 0,
            last_run: Duration::ZERO,
        }
    }

    /// Name for people.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The remembered value of this key.
    pub fn cached(&mut self, key: &K) -> Option<Artefact<V>> {
        let position = self.memos.iter().position(|(known, _)| known == key)?;
        let memo = self.memos.remove(position)?;
        let artefact = memo.1.clone();
        self.memos.push_front(memo);
        Some(artefact)
    }

    /// The value of this key, computed only if it is not remembered.
    ///
    /// # Errors
    /// Whatever `compute` returns; the memos are then as they were, so a failure or a panic in a
    /// computation never leaves a wrong value behind.
    pub fn get_or_try<E>(
        &mut self,
        key: K,
        compute: impl FnOnce() -> Result<V, E>,
    ) -> Result<Artefact<V>, E> {
        if let Some(artefact) = self.cached(&key) {
            return Ok(artefact);
        }
        let start = Instant::now();
        let value = compute()?;
        self.last_run = start.elapsed();
        self.computed += 1;
        Ok(self.adopt(key, Arc::new(value)))
    }

    /// Remembers a value that was computed elsewhere from what `key` stands for.
    pub fn adopt(&mut self, key: K, value: Arc<V>) -> Artefact<V> {
        self.revisions += 1;
        let artefact = Artefact {
            value,
            revision: Revision(self.revisions),
        };
        self.memos.truncate(self.capacity - 1);
        self.memos.push_front((key, artefact.clone()));
        artefact
    }

    /// Key and value used last.
    #[must_use]
    pub fn newest(&self) -> Option<(&K, Artefact<V>)> {
        self.memos
            .front()
            .map(|(key, artefact)| (key, artefact.clone()))
    }

    /// Forgets all values to free their memory; revisions are not reused afterwards.
    pub fn forget(&mut self) {
        self.memos.clear();
    }

    #[must_use]
    pub fn stats(&self) -> StageStats {
        StageStats {
            name: self.name,
            computed: self.computed,
            last_run: self.last_run,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn get(stage: &mut Stage<u32, u32>, key: u32) -> Artefact<u32> {
        let Ok(artefact) = stage.get_or_try(key, || Ok::<_, Infallible>(key * 10));
        artefact
    }

    #[test]
    fn an_equal_key_gives_the_same_arc_and_revision() {
        let mut stage = Stage::new("test", 1);
        let first = get(&mut stage, 7);
        let second = get(&mut stage, 7);
        assert!(Arc::ptr_eq(&first.value, &second.value));
        assert_eq!(first.revision, second.revision);
        assert_eq!((*second.value, stage.stats().computed), (70, 1));
    }

    #[test]
    fn another_key_gives_another_revision() {
        let mut stage = Stage::new("test", 1);
        let first = get(&mut stage, 7);
        let second = get(&mut stage, 8);
        let again = get(&mut stage, 7);
        assert_eq!((*second.value, *again.value), (80, 70));
        assert_eq!(stage.stats().computed, 3, "one value is remembered");
        assert_ne!(first.revision, second.revision);
        assert_ne!(first.revision, again.revision, "revisions are not reused");
    }

    #[test]
    fn the_least_recently_used_value_goes_first() {
        let mut stage = Stage::new("test", 2);
        let first = get(&mut stage, 1);
        get(&mut stage, 2);
        assert!(Arc::ptr_eq(&first.value, &get(&mut stage, 1).value));
        get(&mut stage, 3); // pushes 2 out, since 1 was used after it
        assert!(Arc::ptr_eq(&first.value, &get(&mut stage, 1).value));
        assert_eq!(stage.stats().computed, 3);
        get(&mut stage, 2);
        assert_eq!(stage.stats().computed, 4);
    }

    #[test]
    fn a_failure_leaves_the_memos_alone() {
        let mut stage = Stage::new("test", 1);
        let first = get(&mut stage, 1);
        assert_eq!(stage.get_or_try(2, || Err("no")).err(), Some("no"));
        assert!(Arc::ptr_eq(&first.value, &get(&mut stage, 1).value));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            stage.get_or_try(2, || -> Result<u32, Infallible> {
                panic!("in a computation")
            })
        }));
        assert!(panicked.is_err());
        assert!(Arc::ptr_eq(&first.value, &get(&mut stage, 1).value));
    }

    #[test]
    fn a_change_recomputes_only_what_stands_below_it() {
        let mut source = Stage::new("source", 1);
        let mut left = Stage::new("left", 1);
        let mut right = Stage::new("right", 1);
        let mut run = |input: u32, left_parameter: u32| {
            let source = get(&mut source, input);
            let Ok(_) = left.get_or_try((source.revision, left_parameter), || {
                Ok::<_, Infallible>(*source.value + left_parameter)
            });
            let Ok(_) = right.get_or_try(source.revision, || Ok::<_, Infallible>(*source.value));
            (left.stats().computed, right.stats().computed)
        };
        assert_eq!(run(1, 0), (1, 1));
        assert_eq!(run(1, 0), (1, 1));
        assert_eq!(run(1, 5), (2, 1), "its own parameter");
        assert_eq!(run(2, 5), (3, 2), "what both read");
    }
}
