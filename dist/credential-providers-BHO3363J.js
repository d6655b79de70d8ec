import{C as m,D as o}from"./nested-clients-5PDL7N5P.js";import"./runtime-3RNHDNP5.js";export{o as AssumeRoleCommand,m as STSClient};
