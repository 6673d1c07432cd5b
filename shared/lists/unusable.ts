/** Why a list cannot be used although it was fetched: a sentence that begins with "it". */
export class UnusableList extends Error {}
