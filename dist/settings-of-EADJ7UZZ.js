import{a,b,c}from"./settings-of-55HKM4RD.js";export{c as environmentOf,b as pathsOf,a as settingsOf};
