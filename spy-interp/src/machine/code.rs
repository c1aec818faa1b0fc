//! The table of lowered functions.
//!
//! It only ever grows, and entries never move: running code borrows them from the table while
//! other functions are being added. Rows are allocated on first use.

use std::cell::OnceCell;

use spy_lang::program::FuncId;

use crate::node::Ex;

/// A lowered function.
pub(crate) struct Code {
    /// Computes the result: the value if it takes one slot; otherwise the value is left in the
    /// first slots of the frame.
    pub(crate) body: Ex,
    /// How many slots it uses, including the arguments of calls it makes.
    pub(crate) frame_size: usize,
}

/// Functions in a row, as a power of two.
const ROW_BITS: u32 = 8;
const ROWS: usize = 1 << 12;

/// Where the code of a function is in the table, computed once for each call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodeIndex {
    row: usize,
    column: usize,
}

impl CodeIndex {
    /// The place of a function's code.
    pub(crate) fn of(func: FuncId) -> Self {
        let id = func.0 as usize;
        Self {
            row: id >> ROW_BITS,
            column: id & ((1 << ROW_BITS) - 1),
        }
    }

    /// The function.
    pub(crate) fn func(self) -> FuncId {
        let id = (self.row << ROW_BITS) | self.column;
        FuncId(u32::try_from(id).expect("made of a 32-bit number"))
    }
}

type Row = Box<[OnceCell<Code>]>;

/// All lowered functions of a program.
pub(crate) struct CodeTable {
    rows: Box<[OnceCell<Row>]>,
}

impl CodeTable {
    pub(super) fn new() -> Self {
        Self {
            rows: (0..ROWS).map(|_| OnceCell::new()).collect(),
        }
    }

    /// The code of a function, if it has been lowered.
    #[inline]
    pub(super) fn get(&self, index: CodeIndex) -> Option<&Code> {
        self.rows.get(index.row)?.get()?[index.column].get()
    }

    /// The code of a function, lowered just now; the first one stays. `None` if there are more
    /// functions than the table holds.
    pub(super) fn add(&self, index: CodeIndex, code: Code) -> Option<&Code> {
        let new_row = || (0..1 << ROW_BITS).map(|_| OnceCell::new()).collect();
        let row = self.rows.get(index.row)?.get_or_init(new_row);
        Some(row[index.column].get_or_init(|| code))
    }
}
