import{C as m,D as o}from"./nested-clients-WKK722MC.js";import"./runtime-3RNHDNP5.js";export{o as AssumeRoleCommand,m as STSClient};
