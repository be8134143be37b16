// Requests that change accounts, as commands.
import type {
  CloseAccountRequest,
  CreateAccountRequest,
  FreezeAccountRequest,
  UnfreezeAccountRequest,
  UpdateAccountRequest,
} from '@scrip/contract';
import {
  parseChangeAccountStatus,
  parseCreateAccount,
  parseUpdateAccount,
  type ChangeAccountStatus,
  type CreateAccount,
  type Parsed,
  type UpdateAccount,
} from '@scrip/kernel';
import { fromProtoAccountRef } from './from-proto-account-ref.ts';

export function fromProtoCreateAccountRequest(
  request: CreateAccountRequest,
): Parsed<CreateAccount> {
  return parseCreateAccount(request);
}

export function fromProtoUpdateAccountRequest(
  request: UpdateAccountRequest,
): Parsed<UpdateAccount> {
  const account = fromProtoAccountRef(request.account);
  if (account.kind === 'refused') return account;
  return parseUpdateAccount({ ...request, account: account.value });
}

export function fromProtoFreezeAccountRequest(
  request: FreezeAccountRequest,
): Parsed<ChangeAccountStatus> {
  return changeOf('freeze_account', request);
}

export function fromProtoUnfreezeAccountRequest(
  request: UnfreezeAccountRequest,
): Parsed<ChangeAccountStatus> {
  return changeOf('unfreeze_account', request);
}

export function fromProtoCloseAccountRequest(
  request: CloseAccountRequest,
): Parsed<ChangeAccountStatus> {
  return changeOf('close_account', request);
}

function changeOf(
  kind: ChangeAccountStatus['kind'],
  request: FreezeAccountRequest | UnfreezeAccountRequest | CloseAccountRequest,
): Parsed<ChangeAccountStatus> {
  const account = fromProtoAccountRef(request.account);
  if (account.kind === 'refused') return account;
  const { idempotencyKey } = request;
  return parseChangeAccountStatus(kind, { account: account.value, idempotencyKey });
}
