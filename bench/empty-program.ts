import "@pulumi/pulumi";

export {};
