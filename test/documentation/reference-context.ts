/**
 * The names that examples in doc comments may use besides those of `context.ts`: what the package exports,
 * as a reader of the reference sees from where the example stands, and what an app has of its own.
 */
import "./context.js";
import type { Client as UrqlClient } from "@urql/core";
import type { ReactNode } from "react";
import type { ActionFunctionArgs as RouterActionFunctionArgs } from "react-router";
import type * as main from "shopify-usage-billing/2026-10";
import type * as react from "shopify-usage-billing/react";
import type * as shopify from "shopify-usage-billing/shopify";
import type * as urql from "shopify-usage-billing/urql";
import type { answerRead as answerReadType } from "../../src/react/server.js";

declare global {
  // The package's.
  const UsageBillingError: typeof main.UsageBillingError;
  const isUsageBillingError: typeof main.isUsageBillingError;
  const isCurrencyCode: typeof main.isCurrencyCode;
  const narrowUserErrors: typeof main.narrowUserErrors;
  const fromAdmin: typeof shopify.fromAdmin;
  const fromApp: typeof shopify.fromApp;
  const readBillingWebhook: typeof shopify.readBillingWebhook;
  const adminExchange: typeof urql.adminExchange;
  const UsageBillingProvider: typeof react.UsageBillingProvider;
  const createReadingClient: typeof react.createReadingClient;
  const useUsageBalance: typeof react.useUsageBalance;
  const useUsageLineItem: typeof react.useUsageLineItem;
  const useUsageRecords: typeof react.useUsageRecords;
  const answerRead: typeof answerReadType;
  // Of urql and React Router.
  type ActionFunctionArgs = RouterActionFunctionArgs;
  const Client: typeof UrqlClient;
  // An app's.
  const endpoint: string;
  const onEvent: main.EventListener;
  const job: { readonly shop: string };
  const savePlan: (shop: string, status: string) => Promise<void>;
  const input: main.CreateUsageRecordInput;
  const handleWebhook: (request: Request) => Promise<Response>;
  const subscription: { readonly id: string };
  const events: AsyncIterable<main.BulkUsageRecordInput>;
  const markCharged: (key: string) => Promise<void>;
  const error: unknown;
  const row: { readonly currency: string };
  const wait: (milliseconds: number) => Promise<void>;
  const queue: {
    again(input: object): Promise<void>;
    add(input: object, options: { delay: number }): Promise<void>;
  };
  const data: {
    webhookSubscriptionCreate: {
      webhookSubscription: { id: string } | null;
      userErrors: { field: string[] | null; message: string }[];
    };
  };
  const UsagePage: () => ReactNode;
}
