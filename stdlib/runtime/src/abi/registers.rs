//! The registers that functions keep for their callers; all others are saved before a call.

use std::arch::asm;

/// What they hold.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn registers() -> [usize; 6] {
    let mut registers = [0; 6];
    // SAFETY: writes the array only.
    unsafe {
        asm!(
            "mov [{0}], rbx",
            "mov [{0} + 8], rbp",
            "mov [{0} + 16], r12",
            "mov [{0} + 24], r13",
            "mov [{0} + 32], r14",
            "mov [{0} + 40], r15",
            in(reg) registers.as_mut_ptr(),
            options(nostack, preserves_flags)
        );
    }
    registers
}

/// What they hold.
#[cfg(target_arch = "aarch64")]
#[inline(always)]
pub(super) fn registers() -> [usize; 12] {
    let mut registers = [0; 12];
    // SAFETY: writes the array only.
    unsafe {
        asm!(
            "stp x19, x20, [{0}]",
            "stp x21, x22, [{0}, 16]",
            "stp x23, x24, [{0}, 32]",
            "stp x25, x26, [{0}, 48]",
            "stp x27, x28, [{0}, 64]",
            "stp x29, x30, [{0}, 80]",
            in(reg) registers.as_mut_ptr(),
            options(nostack, preserves_flags)
        );
    }
    registers
}
