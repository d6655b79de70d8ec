import{f as a,g as b,h as c}from"./engine-XHL3OOFS.js";import"./runtime-3RNHDNP5.js";export{a as EngineRefusal,c as connectDocker,b as connectEngine};
