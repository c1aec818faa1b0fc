//! Variables of the runtime.

use std::cell::UnsafeCell;

/// A variable that only the thread of the program touches.
#[repr(transparent)]
pub(super) struct Global<T>(UnsafeCell<T>);

// SAFETY: compiled programs have one thread, which makes all calls into this module.
unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    pub(super) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// Gives `change` the variable. It must not come back to the same variable.
    pub(super) fn with<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: one thread, and no caller in this module nests uses of one variable.
        change(unsafe { &mut *self.0.get() })
    }
}
