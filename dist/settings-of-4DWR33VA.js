import{a,b,c}from"./settings-of-OTBBYXHT.js";export{c as environmentOf,b as pathsOf,a as settingsOf};
