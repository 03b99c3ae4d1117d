using System.Reflection;

namespace Connections.Testing;

/// <summary>Interfaces of Orleans of which the code here needs one method or two.</summary>
public class Stub : DispatchProxy
{
    private Func<MethodInfo, object?[]?, object?> _answer = null!;

    /// <summary>Makes one.</summary>
    /// <param name="answer">What a call is answered with.</param>
    public static T Of<T>(Func<MethodInfo, object?[]?, object?> answer)
        where T : class
    {
        var made = Create<T, Stub>();
        ((Stub)(object)made)._answer = answer;
        return made;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args);
}
