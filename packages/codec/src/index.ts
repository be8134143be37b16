// The one converter between the kernel's values and the contract's messages and bytes.
export { fromProtoAccountRef } from './account/from-proto-account-ref.ts';
export {
  fromProtoCloseAccountRequest,
  fromProtoCreateAccountRequest,
  fromProtoFreezeAccountRequest,
  fromProtoUnfreezeAccountRequest,
  fromProtoUpdateAccountRequest,
} from './account/from-proto-account-requests.ts';
export {
  fromProtoCreateApiKeyRequest,
  fromProtoCreateStoreRequest,
  fromProtoListApiKeysRequest,
  fromProtoListStoresRequest,
  fromProtoMintAccessTokenRequest,
  fromProtoRevokeApiKeyRequest,
  type AdminPage,
  type TokenTerms,
} from './admin/from-proto-admin-requests.ts';
export {
  toProtoApiKey,
  toProtoStore,
  type ApiKeyFacts,
  type StoreFacts,
} from './admin/to-proto-admin.ts';
export { toProtoAccount, toProtoBalance } from './account/to-proto-account.ts';
export {
  fromProtoGetCouponRequest,
  fromProtoGetCreditRuleRequest,
  fromProtoGetCustomerCreditRequest,
  fromProtoGetMembershipRequest,
  fromProtoListCouponCodesRequest,
  fromProtoListCouponsRequest,
  fromProtoListCreditRulesRequest,
  fromProtoListCustomerCreditsRequest,
  fromProtoListMembershipsRequest,
  fromProtoListRedemptionsRequest,
} from './coupon/from-proto-coupon-queries.ts';
export {
  fromProtoCreateCouponCodeRequest,
  fromProtoCreateCouponRequest,
  fromProtoDeleteCouponRequest,
  fromProtoRestoreCouponRequest,
  fromProtoUpdateCouponRequest,
} from './coupon/from-proto-coupon-requests.ts';
export {
  fromProtoIssueCustomerCreditRequest,
  fromProtoRedeemCustomerCreditRequest,
  fromProtoReverseRedemptionRequest,
  fromProtoRevokeCustomerCreditRequest,
} from './coupon/from-proto-customer-credit-requests.ts';
export {
  fromProtoCreateCreditRuleRequest,
  fromProtoCreateMembershipRequest,
  fromProtoDeleteCreditRuleRequest,
  fromProtoIssueMissingCreditsRequest,
  fromProtoNoteMembershipChargeRequest,
  fromProtoSetMembershipStatusRequest,
  fromProtoUpdateCreditRuleRequest,
} from './coupon/from-proto-membership-requests.ts';
export { toProtoCoupon, toProtoCouponCode } from './coupon/to-proto-coupon.ts';
export { toProtoCustomerCredit, toProtoRedemption } from './coupon/to-proto-customer-credit.ts';
export { toProtoCreditRule, toProtoMembership } from './coupon/to-proto-membership.ts';
export {
  fromProtoGetGrantRequest,
  fromProtoListGrantsRequest,
  fromProtoVoidGrantRequest,
} from './grant/from-proto-grant-requests.ts';
export { toProtoGrant } from './grant/to-proto-grant.ts';
export {
  fromProtoCaptureHoldRequest,
  fromProtoCreateHoldRequest,
  fromProtoExtendHoldRequest,
  fromProtoGetHoldRequest,
  fromProtoListHoldsRequest,
  fromProtoReleaseHoldRequest,
} from './hold/from-proto-hold-requests.ts';
export { toProtoHold } from './hold/to-proto-hold.ts';
export {
  fromProtoCreateScheduleRequest,
  fromProtoEndScheduleRequest,
  fromProtoGetScheduleRequest,
  fromProtoListSchedulesRequest,
} from './schedule/from-proto-schedule-requests.ts';
export { toProtoSchedule } from './schedule/to-proto-schedule.ts';
export { eventCodec } from './event/event-codec.ts';
export {
  fromProtoWatchBalancesRequest,
  fromProtoWatchHistoryRequest,
  type HistoryWatch,
  type RequestedScope,
  type RequestedStart,
} from './feed/from-proto-watch-requests.ts';
export { toProtoFeedPosition } from './feed/to-proto-feed-position.ts';
export { toProtoBalanceChange, toProtoBalanceNotice } from './feed/to-proto-watch-balances.ts';
export {
  toProtoFeedEvents,
  toProtoFeedNotice,
  type WireFormat,
} from './feed/to-proto-watch-history.ts';
export {
  fromProtoBatchGetBalancesRequest,
  fromProtoGetBalanceRequest,
  fromProtoGetTransactionByKeyRequest,
  fromProtoGetTransactionRequest,
  fromProtoListAccountsRequest,
  fromProtoListEntriesRequest,
  fromProtoListTransactionsRequest,
  type BalanceQuery,
  type EntriesQuery,
} from './read/from-proto-read-requests.ts';
export { fromProtoBatchItem } from './transaction/from-proto-batch-item.ts';
export {
  fromProtoCreditRequest,
  fromProtoDebitRequest,
  fromProtoPostTransactionRequest,
  fromProtoReverseTransactionRequest,
} from './transaction/from-proto-transaction-requests.ts';
export {
  toProtoBatchResponse,
  type OtherItem,
  type PostedItem,
} from './transaction/to-proto-batch-response.ts';
export {
  toProtoPostedResponse,
  type PostedAnswer,
} from './transaction/to-proto-posted-response.ts';
export {
  toProtoExplainedEntry,
  toProtoHistoryEntry,
  toProtoTransaction,
} from './transaction/to-proto-transaction.ts';
export { fromProtoRequestedDuration } from './value/duration.ts';
export { toProtoTimestamp } from './value/instant.ts';
export { readyBytesOf } from './value/ready-message.ts';
export { fromProtoRequestedSequence, toProtoSequence } from './value/sequence.ts';
export { protoModes } from './value/words.ts';
