/** Column kinds the tables share. */
import { bigint, customType, timestamp } from "drizzle-orm/pg-core";

export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** Money in micros (1 USD = 1,000,000) and other counts: always below 2^53, so a number is exact. */
export const int8 = (name: string) => bigint(name, { mode: "number" });

/** An instant. The database's clock writes it; text in UTC would lose nothing, a Date would lose microseconds. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date", precision: 6 });
