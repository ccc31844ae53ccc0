/**
 * Who acts in the audit without a service token: whoever can write the database itself, with the command line beside it.
 * No service token ever has this id.
 */
export const OPERATOR = { tokenId: '00000000-0000-0000-0000-000000000000' } as const;
