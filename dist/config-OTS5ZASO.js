import{l as o}from"./core-O6IMSRE2.js";import"./runtime-3RNHDNP5.js";export{o as loadSharedConfigFiles};
