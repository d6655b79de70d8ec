import{C as m,D as o}from"./nested-clients-C4COZFX6.js";import"./runtime-3RNHDNP5.js";export{o as AssumeRoleCommand,m as STSClient};
