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
    func: FuncId,
    row: u16,
    column: u8,
}

impl CodeIndex {
    /// The place of a function's code; beyond the table for functions that it has no room for.
    pub(crate) fn of(func: FuncId) -> Self {
        let row = u16::try_from(func.0 >> ROW_BITS).unwrap_or(u16::MAX);
        Self {
            func,
            row,
            column: (func.0 % (1 << ROW_BITS)) as u8,
        }
    }

    /// The function.
    pub(crate) fn func(self) -> FuncId {
        self.func
    }
}

type Row = Box<[OnceCell<Code>; 1 << ROW_BITS]>;

/// All lowered functions of a program.
pub(crate) struct CodeTable {
    rows: [OnceCell<Row>; ROWS],
}

impl CodeTable {
    pub(super) fn new() -> Self {
        Self {
            rows: [const { OnceCell::new() }; ROWS],
        }
    }

    /// The code of a function, if it has been lowered.
    #[inline]
    pub(super) fn get(&self, index: CodeIndex) -> Option<&Code> {
        let row = self.rows.get(usize::from(index.row))?.get()?;
        row[usize::from(index.column)].get()
    }

    /// The code of a function, lowered just now; the first one stays. `None` if there are more
    /// functions than the table holds.
    pub(super) fn add(&self, index: CodeIndex, code: Code) -> Option<&Code> {
        let new_row = || Box::new([const { OnceCell::new() }; 1 << ROW_BITS]);
        let row = self.rows.get(usize::from(index.row))?.get_or_init(new_row);
        Some(row[usize::from(index.column)].get_or_init(|| code))
    }
}
