namespace Outerloop.Tests.Policies.Servers;

/// <summary>What a server can do instead of answering.</summary>
internal enum Mischief
{
    None,
    Hang,
    Reset,
    BusyForAMoment,
    Busy,
    Broken,
    Malformed,
    NotJson,
    WrongModel,
    NoChoices,
    HalfACharacter,
    InvalidUtf8,
    Enormous,
    AnothersAnswer,
    NoRoom,
    BadKey,
    Unprocessable,
}
