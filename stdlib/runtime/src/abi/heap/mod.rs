//! Memory for objects, and the collector that takes it back.
//!
//! A mark-sweep collector that does not move objects. Small objects lie in blocks of cells of one
//! size ([`blocks`]), large ones each in memory of the system's allocator ([`large`]); objects
//! without pointers lie apart from the others. Allocation takes the next free cells of an area
//! ([`area`]), which compiled code does by itself, and asks for more when they are used up; that is
//! when collections happen ([`collect`]). Roots ([`roots`]) are the stack and the registers, which
//! are scanned conservatively, and variables, of which compiled code says where they are. Objects
//! tell by the map in their header where their pointers are ([`trace`]). Pointers may point inside
//! objects. Sweeping is only bits: free cells are cleared when they are handed out.
//!
//! The collector does not look into memory of Rust's allocator: code of the runtime that allocates
//! keeps the objects it needs in local variables, or in a variable that is a root.
//!
//! Memory that the program frees ([`raw`]) is never collected. If its items have pointers to
//! objects, these are roots until it is freed.

mod area;
mod blocks;
mod collect;
mod large;
mod memcheck;
mod raw;
mod roots;
mod stats;
mod system;
mod trace;

pub(super) use area::{Contents, try_allocate};
pub(super) use collect::report;
pub(super) use roots::{Program, hold, keep, note_stack_top, release_kept, spy_use_program};
