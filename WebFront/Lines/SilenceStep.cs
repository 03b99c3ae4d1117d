namespace Connections.WebFront.Lines;

/// <summary>What a beat finds to be done about a tab that says nothing.</summary>
internal enum SilenceStep
{
    /// <summary>Nothing.</summary>
    Wait,

    /// <summary>It is asked whether it lives.</summary>
    Ask,

    /// <summary>It was asked, and is given up.</summary>
    GiveUp,
}
