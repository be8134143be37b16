// The shape of the service of coupons.
import type { ServiceImpl } from '@connectrpc/connect';
import type { CouponService } from '@scrip/contract/coupons';

/** Every RPC of CouponService. */
export type CouponRpcs = ServiceImpl<typeof CouponService>;
