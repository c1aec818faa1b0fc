//! Telling valgrind's memcheck that words of the stack may be read whether they were written or not.
//!
//! Valgrind knows its requests by instructions that have no effect otherwise (its manual, "client
//! requests").

/// Memcheck's request to take memory as written.
#[cfg(target_arch = "x86_64")]
const MAKE_MEM_DEFINED: usize = (b'M' as usize) << 24 | (b'C' as usize) << 16 | 2;

/// Makes memcheck take these words as written; does nothing outside of it.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(super) fn take_as_written(words: &[usize]) {
    let request = [
        MAKE_MEM_DEFINED,
        words.as_ptr() as usize,
        size_of_val(words),
        0,
        0,
        0,
    ];
    // SAFETY: rotates a register by 128 bits in all and exchanges another with itself.
    unsafe {
        std::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") request.as_ptr(),
            inout("rdx") 0_usize => _,
            options(nostack)
        );
    }
}

/// Nothing: the request is known for x86-64 only.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn take_as_written(_words: &[usize]) {}
