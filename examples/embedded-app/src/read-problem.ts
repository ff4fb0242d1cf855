import type { ReadError } from "shopify-usage-billing/react";

/** An error in a merchant's words: what it means for them and what they can do. */
export interface Problem {
  readonly title: string;
  readonly advice: string;
}

export function problemOf(error: ReadError): Problem {
  switch (error.name) {
    case "AuthenticationError":
      return { title: "You’re signed out", advice: "Open the app again from your Shopify admin." };
    case "AccessDeniedError":
      return {
        title: "You don’t have permission to see billing",
        advice: "Ask the store owner for the permission to manage app billing.",
      };
    case "ShopUnavailableError":
      return {
        title: "Shopify doesn’t give access to this store at the moment",
        advice:
          "The store may be paused or have an open bill. Check its status in the Shopify admin.",
      };
    case "ThrottledError":
      return { title: "Shopify is busy", advice: "Wait a moment, then try again." };
    case "NetworkError":
    case "TimeoutError":
      return {
        title: "The connection failed",
        advice: "Check your internet connection, then try again.",
      };
    default:
      return {
        title: "Usage couldn’t be loaded",
        advice:
          "Something went wrong on the way. You were not charged for it; try again in a minute.",
      };
  }
}
